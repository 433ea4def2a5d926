'use client'
import { useQuery } from '@tanstack/react-query'
import { api } from '@/lib/api/client'
import { answer } from '@/lib/api/problem'
import type { Interval } from '@/lib/player/intervals'

export type Playback = Awaited<ReturnType<typeof askPlayback>>

const MARGIN_MS = 60_000

/**
 * What a player needs, and by the way the cookies that open the media: renewed before they expire. Each visit asks
 * anew, since another device may have moved the place where it goes on.
 */
export function usePlayback(lessonId: string, enabled: boolean) {
  return useQuery({
    queryKey: ['learn', 'playback', lessonId],
    queryFn: ({ signal }) => askPlayback(lessonId, signal),
    enabled,
    staleTime: Infinity,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    refetchInterval: ({ state }) =>
      state.data ? Math.max(MARGIN_MS, Date.parse(state.data.expires_at) - Date.now() - MARGIN_MS) : false,
    refetchIntervalInBackground: true,
  })
}

async function askPlayback(lessonId: string, signal: AbortSignal) {
  const playback = await answer(
    api.GET('/api/v1/lessons/{lesson_id}/playback', { params: { path: { lesson_id: lessonId } }, signal }),
  )
  return { ...playback, watched: playback.watched.map(([from = 0, to = 0]): Interval => [from, to]) }
}
