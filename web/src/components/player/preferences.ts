import { FASTEST, SLOWEST } from '@/lib/player/shortcuts'

/** How a person likes to watch, on this browser. */
export type Preferences = {
  speed: number
  volume: number
  muted: boolean
  captions: string | null
  /** Whether single keys drive the player. */
  keys: boolean
}

export const PREFERENCES = 'kosu.player'

export function preferencesOf(kept: unknown): Preferences {
  const { speed, volume, muted, captions, keys } = (kept ?? {}) as Partial<Record<keyof Preferences, unknown>>
  return {
    speed: typeof speed === 'number' && speed >= SLOWEST && speed <= FASTEST ? speed : 1,
    volume: typeof volume === 'number' && volume >= 0 && volume <= 1 ? volume : 1,
    muted: muted === true,
    captions: typeof captions === 'string' ? captions : null,
    keys: keys !== false,
  }
}
