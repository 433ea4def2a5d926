import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { alias: { '@': `${import.meta.dirname}/src`, '@messages': `${import.meta.dirname}/messages` } },
  test: { include: ['src/**/*.test.{ts,tsx}'], restoreMocks: true },
})
