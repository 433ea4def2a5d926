/** The parts of a file, numbered from 1: all of one size but the last. */
export type PartPlan = { sizeBytes: number; partSizeBytes: number; partCount: number }

/** Where a part is in the file: from `start` up to, not including, `end`. */
export function partRange({ sizeBytes, partSizeBytes }: PartPlan, number: number): { start: number; end: number } {
  const start = (number - 1) * partSizeBytes
  return { start, end: Math.min(start + partSizeBytes, sizeBytes) }
}

export function partSize(plan: PartPlan, number: number): number {
  const { start, end } = partRange(plan, number)
  return end - start
}

/** What the store does not hold yet, in order. A part that arrived in another size is sent again. */
export function missingParts(plan: PartPlan, stored: ReadonlyMap<number, number>): number[] {
  const all = Array.from({ length: plan.partCount }, (_, index) => index + 1)
  return all.filter((number) => stored.get(number) !== partSize(plan, number))
}
