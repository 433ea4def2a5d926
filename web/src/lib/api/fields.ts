'use client'
import { Problem } from './problem'
import { useProblemWords } from './words'

/**
 * What went wrong, said where it belongs: `const said = useFieldWords(problem, ['email', 'password'])`, then
 * `said.email` beside that field and `said.form` for what belongs to none of them.
 */
export function useFieldWords<F extends string>(
  problem: unknown,
  fields: readonly F[],
): Partial<Record<F | 'form', string>> {
  const explain = useProblemWords()
  if (!problem) return {}
  const text = explain(problem)
  const wrong = problem instanceof Problem ? problem.fields.map(({ field }) => field) : []
  const found = fields.filter((field) => wrong.includes(field))
  const places: readonly (F | 'form')[] = found.length > 0 ? found : ['form']
  return Object.fromEntries(places.map((place) => [place, text])) as Partial<Record<F | 'form', string>>
}
