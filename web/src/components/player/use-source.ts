'use client'
import { useCallback, useEffect, useRef, useState } from 'react'
import { playByHls } from '@/lib/player/hls'
import { playNatively } from '@/lib/player/native'
import type { Stream, Trouble } from '@/lib/player/stream'

export type Source = {
  /** What qualities there are, the best first; empty where the browser plays HLS by itself and chooses alone. */
  heights: number[]
  /** The one that was chosen; null leaves it to the player. */
  height: number | null
  choose: (height: number | null) => void
  trouble: Trouble | null
  retry: () => void
}

/**
 * Plays an HLS stream in a video element, from `startMs` on.
 *
 * @param onExpired the cookies do not open the stream any more: resolves once there are new ones
 */
export function useSource(
  video: HTMLVideoElement | null,
  url: string | undefined,
  startMs: number,
  onExpired: () => Promise<unknown>,
): Source {
  const stream = useRef<Stream>(null)
  const [heights, setHeights] = useState<number[]>([])
  const [height, setHeight] = useState<number | null>(null)
  const [trouble, setTrouble] = useState<Trouble | null>(null)
  const [attempt, setAttempt] = useState(0)
  const latest = useRef({ startMs, onExpired })
  useEffect(() => {
    latest.current = { startMs, onExpired }
  })

  useEffect(() => {
    if (!video || !url) return
    let left = false
    // It goes on where it was, should it be made anew.
    const from = video.currentTime || latest.current.startMs / 1000
    const listener = { renew: () => latest.current.onExpired(), heights: setHeights, trouble: setTrouble }
    void import('hls.js/light').then(
      ({ default: Light }) => {
        if (left) return
        // First: Chromium, too, claims to play HLS by itself.
        stream.current = Light.isSupported()
          ? playByHls(Light, video, url, from, listener)
          : playNatively(video, url, from, listener)
      },
      () => setTrouble('network'),
    )
    return () => {
      left = true
      stream.current?.end()
      stream.current = null
    }
  }, [video, url, attempt])

  const retry = useCallback(() => {
    setTrouble(null)
    if (stream.current) stream.current.retry()
    else setAttempt((count) => count + 1)
  }, [])

  useEffect(() => {
    if (trouble !== 'network') return
    addEventListener('online', retry)
    return () => removeEventListener('online', retry)
  }, [retry, trouble])

  const choose = useCallback((chosen: number | null) => {
    setHeight(chosen)
    stream.current?.choose(chosen)
  }, [])

  return { heights, height, choose, trouble, retry }
}
