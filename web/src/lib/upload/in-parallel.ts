/**
 * Does the work for each item, `width` at a time, in order of their begin. The first failure keeps the rest from
 * beginning and is thrown once those under way have ended.
 */
export async function inParallel<T>(items: readonly T[], width: number, work: (item: T) => Promise<void>) {
  const waiting = [...items]
  let failed = false
  const worker = async () => {
    for (let item = waiting.shift(); item !== undefined && !failed; item = waiting.shift()) {
      try {
        await work(item)
      } catch (cause) {
        failed = true
        throw cause
      }
    }
  }
  const ends = await Promise.allSettled(Array.from({ length: Math.min(width, items.length) }, worker))
  for (const end of ends) if (end.status === 'rejected') throw end.reason
}
