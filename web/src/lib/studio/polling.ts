import type { components } from '../api/schema'

type AssetView = components['schemas']['AssetView']

const SOONEST_MS = 1_000
const LATEST_MS = 15_000
const PATIENCE = 1.5

/** Whether an asset changes by itself. An upload that nobody moves here may be moving in another browser. */
export const isUnderWay = (state: AssetView['state']) =>
  ['uploading', 'queued', 'processing', 'stalled'].includes(state)

/** When to look again, in ms: at once while something happens, more and more seldom while nothing does; false at the end. */
export function nextLook(state: AssetView['state'], unchangedLooks: number): number | false {
  if (!isUnderWay(state)) return false
  return Math.min(LATEST_MS, Math.round(SOONEST_MS * PATIENCE ** unchangedLooks))
}
