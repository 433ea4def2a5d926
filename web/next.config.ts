import type { NextConfig } from 'next'

const config: NextConfig = {
  output: 'standalone',
  outputFileTracingRoot: import.meta.dirname,
  // No picture is resized here, so the native image library need not be shipped.
  images: { unoptimized: true },
  outputFileTracingExcludes: { '*': ['node_modules/@img/**', 'node_modules/sharp/**', '**/*.map'] },
  poweredByHeader: false,
  // Titles and canonical addresses are in the head of every answer, once, and do not follow in the body.
  htmlLimitedBots: /.*/,
  // Where `kosu up --web-dev` serves it: Next.js knows only localhost, and refuses its scripts elsewhere.
  allowedDevOrigins: ['127.0.0.1'],
  turbopack: {
    root: import.meta.dirname,
    // Messages are compiled on the server (src/i18n/messages.ts): browsers get no parser of theirs.
    resolveAlias: { 'use-intl/format-message': 'use-intl/format-message/format-only' },
  },
  experimental: {
    optimizePackageImports: ['lucide-react'],
    // A build is shared by several servers: what one of them has fetched does not belong into it.
    isrFlushToDisk: false,
  },
}

export default config
