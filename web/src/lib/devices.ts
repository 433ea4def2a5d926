export type DeviceKind = 'phone' | 'tablet' | 'computer'

const kinds: Record<string, DeviceKind> = { iOS: 'phone', Android: 'phone', iPadOS: 'tablet' }

/** What a device looks like, by its system. */
export const deviceKind = (os: string): DeviceKind => kinds[os] ?? 'computer'

const A_WHILE_MS = 2 * 60_000

/** Whether it was in use so lately that it is as good as now: the API writes it down once a minute. */
export const isInUse = (lastSeenAt: string, now: number) => now - Date.parse(lastSeenAt) < A_WHILE_MS
