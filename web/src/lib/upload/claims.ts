import type { Claims } from './uploads'

const PREFIX = 'kosu-upload:'

/** By the browser's locks, which end with the tab that has them. */
export const browserClaims: Claims = {
  hold: async (uploadId, work) =>
    await navigator.locks.request(PREFIX + uploadId, { ifAvailable: true }, async (lock) => {
      if (!lock) return false
      await work()
      return true
    }),
  held: async () => {
    const { held = [] } = await navigator.locks.query()
    const names = held.flatMap(({ name }) => (name?.startsWith(PREFIX) ? [name.slice(PREFIX.length)] : []))
    return new Set(names)
  },
}
