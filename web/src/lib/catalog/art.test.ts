import { expect, test } from 'vitest'
import { artOf, motifs } from './art'

const ids = Array.from({ length: 300 }, (_, index) => `01a212c6-71ab-712c-b37f-${index.toString(16).padStart(12, '0')}`)

test('an id is always drawn alike', () => {
  expect(artOf('01a212c6-71ab-712c-b37f-0783e1f478de')).toEqual(artOf('01a212c6-71ab-712c-b37f-0783e1f478de'))
})

test('every motif is drawn, and none for most', () => {
  const counts = motifs.map((motif) => ids.filter((id) => artOf(id).motif === motif).length)
  expect(Math.min(...counts)).toBeGreaterThan(20)
  expect(Math.max(...counts)).toBeLessThan(90)
})

test('hues are of the whole circle', () => {
  const hues = ids.map((id) => artOf(id).hue)
  expect(Math.min(...hues)).toBeGreaterThanOrEqual(0)
  expect(Math.max(...hues)).toBeLessThan(360)
  expect(new Set(hues.map((hue) => Math.floor(hue / 60))).size).toBe(6)
})
