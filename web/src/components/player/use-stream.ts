'use client'
import { useCallback, useEffect, useRef, useState } from 'react'
import { api } from '@/lib/api/client'
import { answer } from '@/lib/api/problem'
import { play } from '@/lib/player/controls'
import { StreamLease, type Standoff } from '@/lib/player/stream-lease'

/** Holds this device's right to play while it plays. Who may not is paused, and may take over. */
export function useStream(video: HTMLVideoElement | null, lessonId: string, signedIn: boolean) {
  const [standoff, setStandoff] = useState<Standoff | null>(null)
  const stream = useRef<StreamLease>(null)
  useEffect(() => {
    if (!video || !signedIn) return
    const path = (id: string) => ({ params: { path: { stream_id: id } } })
    const held = new StreamLease(
      {
        claim: (takeover) => answer(api.POST('/api/v1/me/streams', { body: { lesson_id: lessonId, takeover } })),
        keep: (id) => answer(api.PUT('/api/v1/me/streams/{stream_id}', path(id))),
        release: (id) => answer(api.DELETE('/api/v1/me/streams/{stream_id}', { ...path(id), keepalive: true })),
      },
      (told) => {
        video.pause()
        setStandoff(told)
      },
    )
    stream.current = held
    const hold = () => void held.hold()
    const rest = () => held.rest()
    const release = () => held.release()
    video.addEventListener('play', hold)
    video.addEventListener('pause', rest)
    addEventListener('pagehide', release)
    return () => {
      video.removeEventListener('play', hold)
      video.removeEventListener('pause', rest)
      removeEventListener('pagehide', release)
      held.release()
    }
  }, [video, lessonId, signedIn])

  const takeOver = useCallback(() => {
    setStandoff(null)
    if (!video) return
    void stream.current?.hold({ takeover: true })
    play(video)
  }, [video])
  return { standoff, takeOver }
}
