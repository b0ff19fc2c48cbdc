import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** Where `vite` finds a gateway while developing; `test/loopback-gateway.ts` listens there. */
const gateway = "http://127.0.0.1:8643";

export default defineConfig({
  plugins: [react()],
  resolve: { conditions: ["@hermes/source", "module", "browser", "development|production"] },
  build: {
    // The page's content security policy knows neither inline scripts nor `data:` scripts, styles or fonts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: "es2023",
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    reportCompressedSize: true,
  },
  server: {
    host: "127.0.0.1",
    proxy: { "/ws": { target: gateway, ws: true }, "/console": gateway, "/v1": gateway },
  },
});
