import { answer, type Answer } from './problem'

/** A file that the API hands out, under the name that it gives it, or else under `otherwise`. Throws Problem. */
export async function fileOf(call: Promise<Answer<unknown>>, otherwise: string): Promise<{ file: Blob; name: string }> {
  const file = (await answer(call)) as Blob
  const told = (await call).response.headers.get('content-disposition') ?? ''
  return { file, name: /filename="([^"]+)"/.exec(told)?.[1] ?? otherwise }
}
