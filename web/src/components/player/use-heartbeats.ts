'use client'
import { useEffect, useRef } from 'react'
import { api } from '@/lib/api/client'
import { answer } from '@/lib/api/problem'
import { positionOf } from '@/lib/player/controls'
import { Heartbeats, unsentOf } from '@/lib/player/heartbeats'
import type { Interval } from '@/lib/player/intervals'
import { WatchTracker } from '@/lib/player/watch-tracker'
import { readStored, store } from '@/lib/stored'

const EVERY_MS = 10_000

export const unsentKey = (userId: string, lessonId: string) => `kosu.unsent.${userId}.${lessonId}`

type Watched = { lessonId: string; userId: string | null; revision: number | undefined }

/** Tells the API about every ten seconds what is seen of a video, and whenever it stops; `heard` is what has arrived. */
export function useHeartbeats(
  video: HTMLVideoElement | null,
  { lessonId, userId, revision }: Watched,
  heard: (watched: Interval[]) => void,
) {
  const onHeard = useRef(heard)
  useEffect(() => {
    onHeard.current = heard
  })
  useEffect(() => {
    if (!video || !userId || revision === undefined) return
    const key = unsentKey(userId, lessonId)
    const tracker = new WatchTracker()
    tracker.giveBack(unsentOf(readStored(key))?.watched ?? [])
    const beats = new Heartbeats(
      tracker,
      async (body, leaving) => {
        await answer(
          api.PUT('/api/v1/lessons/{lesson_id}/progress', {
            params: { path: { lesson_id: lessonId } },
            body,
            keepalive: leaving,
          }),
        )
        onHeard.current(body.watched)
      },
      (unsent) => store(key, unsent),
      { revision },
    )
    return followed(video, tracker, (leaving) => void beats.beat(positionOf(video), { leaving }))
  }, [video, userId, lessonId, revision])
}

/** Lets the tracker see what the video does; `beat` is called when there is something to tell. */
function followed(video: HTMLVideoElement, tracker: WatchTracker, beat: (leaving: boolean) => void): () => void {
  const at = () => performance.now()
  const stood = () => tracker.pause(positionOf(video), at())
  const heard: Record<string, () => void> = {
    playing: () => tracker.play(positionOf(video), at(), video.playbackRate),
    timeupdate: () => {
      if (!video.seeking) tracker.look(positionOf(video), at())
    },
    ratechange: () => tracker.setSpeed(positionOf(video), at(), video.playbackRate),
    seeking: () => tracker.seek(),
    seeked: () => {
      if (!video.paused) tracker.play(positionOf(video), at(), video.playbackRate)
    },
    waiting: () => {
      if (!video.seeking) stood()
    },
    pause: () => {
      if (!video.seeking) stood()
      beat(false)
    },
  }
  const leave = () => beat(true)
  const hidden = () => {
    if (document.visibilityState === 'hidden') leave()
  }
  const back = () => beat(false)
  for (const [name, listener] of Object.entries(heard)) video.addEventListener(name, listener)
  document.addEventListener('visibilitychange', hidden)
  addEventListener('pagehide', leave)
  addEventListener('online', back)
  const timer = setInterval(() => {
    if (!video.paused) beat(false)
  }, EVERY_MS)
  return () => {
    clearInterval(timer)
    for (const [name, listener] of Object.entries(heard)) video.removeEventListener(name, listener)
    document.removeEventListener('visibilitychange', hidden)
    removeEventListener('pagehide', leave)
    removeEventListener('online', back)
    stood()
    leave()
  }
}
