/** A small picture of a moment: a place on a sheet, in pixels of the sheet. */
export type Tile = { fromMs: number; toMs: number; sheet: string; x: number; y: number; width: number; height: number }

/** The tiles of a WebVTT file whose cues are media fragments (W3C, Media Fragments URI 1.0, 4.2.2). */
export function storyboardTiles(webvtt: string, url: string): Tile[] {
  return webvtt
    .replaceAll('\r\n', '\n')
    .split(/\n{2,}/)
    .flatMap((cue) => {
      const lines = cue.split('\n')
      const timing = lines.findIndex((line) => line.includes('-->'))
      const [from, to] = (lines[timing] ?? '').split('-->').map((part) => moment(part.trim().split(/\s/)[0] ?? ''))
      const place = /^(.+)#xywh=(\d+),(\d+),(\d+),(\d+)$/.exec((lines[timing + 1] ?? '').trim())
      if (timing < 0 || from === undefined || to === undefined || !place) return []
      const [, file = '', ...numbers] = place
      const [x = 0, y = 0, width = 0, height = 0] = numbers.map(Number)
      return [{ fromMs: from, toMs: to, sheet: new URL(file, url).href, x, y, width, height }]
    })
}

/** The picture of a moment: before the first cue the first one, after the last the last. */
export function tileAt(tiles: readonly Tile[], ms: number): Tile | undefined {
  return tiles.findLast((tile) => tile.fromMs <= ms) ?? tiles[0]
}

/** 00:01:02.500 or 01:02.500 in ms. */
function moment(text: string): number | undefined {
  const parts = /^(?:(\d+):)?(\d{2}):(\d{2})\.(\d{3})$/.exec(text)
  if (!parts) return undefined
  const [hours = 0, minutes = 0, seconds = 0, ms = 0] = parts.slice(1).map((part) => Number(part ?? 0))
  return ((hours * 60 + minutes) * 60 + seconds) * 1000 + ms
}
