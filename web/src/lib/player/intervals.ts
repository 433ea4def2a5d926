/** What was watched: [from, to) in ms. */
export type Interval = [number, number]

/** The smallest sorted set that covers all intervals; touching ones become one, empty ones vanish. */
export function union(intervals: readonly Interval[]): Interval[] {
  const ordered = intervals.filter(([from, to]) => from < to).sort(([one], [other]) => one - other)
  const merged: Interval[] = []
  for (const [from, to] of ordered) {
    const last = merged.at(-1)
    if (last && from <= last[1]) last[1] = Math.max(last[1], to)
    else merged.push([from, to])
  }
  return merged
}

/** How much of so long a video the intervals cover, 0 to 100, rounded down. */
export function percentOf(durationMs: number, intervals: readonly Interval[]): number {
  const within = union(intervals.map(([from, to]) => [from, Math.min(to, durationMs)]))
  const covered = within.reduce((sum, [from, to]) => sum + to - from, 0)
  return durationMs > 0 ? Math.floor((100 * covered) / durationMs) : 0
}
