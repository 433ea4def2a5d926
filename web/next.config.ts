import type { NextConfig } from 'next'

const config: NextConfig = {
  output: 'standalone',
  outputFileTracingRoot: import.meta.dirname,
  // No picture is resized here, so the native image library need not be shipped.
  images: { unoptimized: true },
  outputFileTracingExcludes: { '*': ['node_modules/@img/**', 'node_modules/sharp/**', '**/*.map'] },
  poweredByHeader: false,
  turbopack: { root: import.meta.dirname },
  experimental: {
    optimizePackageImports: ['lucide-react'],
    // A build is shared by several servers: what one of them has fetched does not belong into it.
    isrFlushToDisk: false,
  },
}

export default config
