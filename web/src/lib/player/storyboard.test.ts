import { expect, test } from 'vitest'
import { storyboardTiles, tileAt } from './storyboard'

const url = 'https://media.test/media/v/1/storyboard/storyboard.vtt'
const file = `WEBVTT

00:00:00.000 --> 00:00:04.000
sheet-001.jpg#xywh=0,0,160,90

00:00:04.000 --> 01:00:00.500
sheet-002.jpg#xywh=160,90,160,90
`

test('a cue is a place on a sheet beside the file', () => {
  expect(storyboardTiles(file, url)).toEqual([
    {
      fromMs: 0,
      toMs: 4000,
      sheet: 'https://media.test/media/v/1/storyboard/sheet-001.jpg',
      x: 0,
      y: 0,
      width: 160,
      height: 90,
    },
    {
      fromMs: 4000,
      toMs: 3_600_500,
      sheet: 'https://media.test/media/v/1/storyboard/sheet-002.jpg',
      x: 160,
      y: 90,
      width: 160,
      height: 90,
    },
  ])
})

test('lines may end as they do on Windows, hours may be left out', () => {
  const short = 'WEBVTT\r\n\r\n1\r\n00:01.000 --> 00:02.000 align:start\r\na.jpg#xywh=0,0,1,1\r\n'
  expect(storyboardTiles(short, url)).toMatchObject([{ fromMs: 1000, toMs: 2000 }])
})

test('what is no picture is passed over', () => {
  expect(storyboardTiles('WEBVTT\n\n00:00.000 --> 00:01.000\nHello\n\nNOTE sheet\n', url)).toEqual([])
})

test('every moment has a picture', () => {
  const tiles = storyboardTiles(file, url)
  expect([0, 3999, 4000, 9_999_999].map((ms) => tileAt(tiles, ms)?.x)).toEqual([0, 0, 160, 160])
  expect(tileAt(tiles.slice(1), 10)?.x).toBe(160)
  expect(tileAt([], 10)).toBeUndefined()
})
