export const restoreParts = {};
