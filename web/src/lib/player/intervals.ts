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
