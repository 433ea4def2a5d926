import next from 'eslint-config-next/core-web-vitals'
import typescript from 'eslint-config-next/typescript'

// Pages do not fetch by themselves: src/lib/api is the only door to the API.
const oneDoor = { 'no-restricted-globals': ['error', { name: 'fetch', message: 'Ask the API through src/lib/api.' }] }

const config = [
  { ignores: ['.next/', 'next-env.d.ts', 'src/lib/api/schema.d.ts'] },
  ...next,
  ...typescript,
  { files: ['src/app/**', 'src/components/**'], rules: oneDoor },
  // No picture is resized by Next.js, whose element would cost each public page 5 KB of script.
  { rules: { '@next/next/no-img-element': 'off' } },
]

export default config
