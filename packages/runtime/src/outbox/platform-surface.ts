export class PlatformSurface {}
