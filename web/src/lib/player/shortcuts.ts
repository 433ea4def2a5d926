export type Command =
  | { do: 'toggle' | 'mute' | 'captions' | 'fullscreen' | 'note' | 'help' }
  | { do: 'step'; ms: number }
  | { do: 'louder'; by: number }
  | { do: 'speed'; by: -1 | 1 }
  /** To a share of the video, 0 to 1. */
  | { do: 'goto'; share: number }

type Press = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>

const byKey: Record<string, Command> = {
  ' ': { do: 'toggle' },
  k: { do: 'toggle' },
  j: { do: 'step', ms: -10_000 },
  l: { do: 'step', ms: 10_000 },
  ArrowLeft: { do: 'step', ms: -5000 },
  ArrowRight: { do: 'step', ms: 5000 },
  ArrowUp: { do: 'louder', by: 0.1 },
  ArrowDown: { do: 'louder', by: -0.1 },
  Home: { do: 'goto', share: 0 },
  End: { do: 'goto', share: 1 },
  f: { do: 'fullscreen' },
  c: { do: 'captions' },
  m: { do: 'mute' },
  n: { do: 'note' },
  '<': { do: 'speed', by: -1 },
  '>': { do: 'speed', by: 1 },
  '?': { do: 'help' },
}

// By these keys a page is read by those who do not play.
const ofThePage = new Set(['ArrowUp', 'ArrowDown', 'Home', 'End'])

/**
 * What a key does to the player. Nothing with a modifier: those are the browser's.
 *
 * @param within whether the focus is in the player: elsewhere the keys that scroll a page scroll it
 */
export function commandOf(press: Press, within: boolean): Command | undefined {
  if (press.ctrlKey || press.metaKey || press.altKey) return undefined
  if (!within && ofThePage.has(press.key)) return undefined
  if (/^[0-9]$/.test(press.key)) return { do: 'goto', share: Number(press.key) / 10 }
  return byKey[press.key.length === 1 ? press.key.toLowerCase() : press.key]
}

export const SLOWEST = 0.5
export const FASTEST = 2
export const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2]

/** The next speed in steps of a quarter, within bounds. */
export const faster = (speed: number, by: -1 | 1) => Math.min(FASTEST, Math.max(SLOWEST, speed + by * 0.25))
