/** A position or a short length as players write it: 5:02, 1:05:02. Takes ms. */
export function clock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  const two = (value: number) => String(value).padStart(2, '0')
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`
}

export type Length = { unit: 'hours' | 'minutes' | 'seconds'; value: number }

/** A length in the unit that people would tell it in: hours by halves from one on, then minutes, then seconds. */
export function roundedLength(ms: number): Length {
  if (ms >= 3_600_000) return { unit: 'hours', value: Math.round(ms / 1_800_000) / 2 }
  if (ms >= 60_000) return { unit: 'minutes', value: Math.round(ms / 60_000) }
  return { unit: 'seconds', value: Math.round(ms / 1000) }
}
