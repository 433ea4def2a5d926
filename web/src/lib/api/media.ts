'use client'
import { Problem } from './problem'

/** A text file of a video, which the cookies of its playback open. Throws Problem. */
export async function mediaText(url: string, signal?: AbortSignal): Promise<string> {
  const response = await fetch(url, { credentials: 'include', signal }).catch((cause: unknown) => {
    if (cause instanceof TypeError) throw new Problem('network', 0, cause.message)
    throw cause
  })
  if (!response.ok) throw new Problem(response.status >= 500 ? 'unavailable' : 'invalid', response.status, url)
  return await response.text()
}
