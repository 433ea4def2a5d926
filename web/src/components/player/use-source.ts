'use client'
import { useCallback, useEffect, useRef, useState } from 'react'
import type Hls from 'hls.js/light'

/** Without a piece of video in between: then it is not for its cookies that a stream is refused. */
const MOST_RENEWALS = 2

export type Trouble = 'network' | 'media'

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
  const hls = useRef<Hls>(null)
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
    const renewed = () => latest.current.onExpired()
    void import('hls.js/light').then(
      ({ default: Light }) => {
        if (left) return
        // First: Chromium, too, claims to play HLS by itself.
        if (Light.isSupported()) {
          hls.current = attached(Light, video, url, from, { renewed, setHeights, setTrouble })
        } else playNatively(video, url, from, setTrouble)
      },
      () => setTrouble('network'),
    )
    return () => {
      left = true
      hls.current?.destroy()
      hls.current = null
    }
  }, [video, url, attempt])

  const retry = useCallback(() => {
    setTrouble(null)
    if (hls.current && hls.current.levels.length > 0) hls.current.startLoad()
    else setAttempt((count) => count + 1)
  }, [])

  useEffect(() => {
    if (trouble !== 'network') return
    addEventListener('online', retry)
    return () => removeEventListener('online', retry)
  }, [retry, trouble])

  const choose = useCallback((chosen: number | null) => {
    setHeight(chosen)
    if (hls.current) hls.current.nextLevel = hls.current.levels.findIndex((level) => level.height === chosen)
  }, [])

  return { heights, height, choose, trouble, retry }
}

type Told = {
  renewed: () => Promise<unknown>
  setHeights: (heights: number[]) => void
  setTrouble: (trouble: Trouble) => void
}

function attached(Light: typeof Hls, video: HTMLVideoElement, url: string, from: number, told: Told): Hls {
  const hls = new Light({
    startPosition: from,
    maxBufferLength: 30,
    // The cookies that open the stream belong to the origin of the media.
    xhrSetup: (request) => {
      request.withCredentials = true
    },
  })
  let recovered = false
  let renewals = 0
  const giveUp = () => {
    renewals = 0
    told.setTrouble('network')
  }
  const renew = () => {
    // It would ask on for a minute before it told of a refusal as final.
    hls.stopLoad()
    if (renewals === MOST_RENEWALS) return giveUp()
    renewals += 1
    told
      .renewed()
      .then(() => (hls.levels.length > 0 ? hls.startLoad(video.currentTime || from) : hls.loadSource(url)), giveUp)
  }
  hls.on(Light.Events.MANIFEST_PARSED, (_, { levels }) => {
    told.setHeights([...new Set(levels.map((level) => level.height))].sort((one, other) => other - one))
  })
  hls.on(Light.Events.FRAG_BUFFERED, () => {
    renewals = 0
  })
  hls.on(Light.Events.ERROR, (_, { fatal, type, response }) => {
    if (response?.code === 401 || response?.code === 403) return renew()
    if (!fatal) return
    if (type === Light.ErrorTypes.MEDIA_ERROR) {
      if (recovered) told.setTrouble('media')
      else hls.recoverMediaError()
      recovered = true
      return
    }
    told.setTrouble(type === Light.ErrorTypes.NETWORK_ERROR ? 'network' : 'media')
  })
  hls.loadSource(url)
  hls.attachMedia(video)
  return hls
}

function playNatively(video: HTMLVideoElement, url: string, from: number, setTrouble: (trouble: Trouble) => void) {
  video.addEventListener(
    'loadedmetadata',
    () => {
      video.currentTime = from
    },
    { once: true },
  )
  video.addEventListener(
    'error',
    () => setTrouble(video.error?.code === MediaError.MEDIA_ERR_NETWORK ? 'network' : 'media'),
    { once: true },
  )
  video.src = url
}
