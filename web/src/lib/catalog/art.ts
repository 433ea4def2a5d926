/** The picture of a course that has none: drawn from its id, so that it is the same everywhere and always. */

export const motifs = ['arc', 'steps', 'sun', 'orbit', 'tiles', 'waves'] as const
export type Motif = (typeof motifs)[number]
export type Art = { motif: Motif; hue: number }

/** The motif and the hue (degrees, 0 to 359) that an id is drawn with. */
export function artOf(id: string): Art {
  const hash = fnv1a(id)
  return { motif: motifs[hash % motifs.length] ?? 'arc', hue: (hash >>> 8) % 360 }
}

/** Source: FNV-1a, 32 bits (RFC 9923). */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0
  return hash
}
