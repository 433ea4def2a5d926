'use client'
import { useEffect, useState } from 'react'

export type VideoState = {
  playing: boolean
  /** It has been played or moved: the poster is gone. */
  begun: boolean
  ended: boolean
  /** It should play and cannot yet. */
  waiting: boolean
  positionMs: number
  /** How far it can play on without the network. */
  bufferedMs: number
  volume: number
  muted: boolean
  speed: number
  captions: string | null
}

const EVENTS = [
  ...['play', 'playing', 'pause', 'ended', 'waiting', 'seeking', 'seeked', 'timeupdate', 'progress'],
  ...['volumechange', 'ratechange', 'loadedmetadata', 'loadeddata', 'canplay', 'emptied'],
]

const initial: VideoState = {
  playing: false,
  begun: false,
  ended: false,
  waiting: false,
  positionMs: 0,
  bufferedMs: 0,
  volume: 1,
  muted: false,
  speed: 1,
  captions: null,
}

/** What a video element does, as its events tell. */
export function useVideoState(video: HTMLVideoElement | null): VideoState {
  const [state, setState] = useState(initial)
  useEffect(() => {
    if (!video) return
    const read = () => setState((before) => stateOf(video, before))
    for (const name of EVENTS) video.addEventListener(name, read)
    video.textTracks.addEventListener('change', read)
    return () => {
      for (const name of EVENTS) video.removeEventListener(name, read)
      video.textTracks.removeEventListener('change', read)
    }
  }, [video])
  return state
}

function stateOf(video: HTMLVideoElement, before: VideoState): VideoState {
  const playing = !video.paused && !video.ended
  return {
    playing,
    begun: before.begun || playing || video.currentTime > 0,
    ended: video.ended,
    waiting: playing && video.readyState < HTMLMediaElement.HAVE_FUTURE_DATA,
    positionMs: video.currentTime * 1000,
    bufferedMs: bufferedEnd(video) * 1000,
    volume: video.volume,
    muted: video.muted,
    speed: video.playbackRate,
    captions: [...video.textTracks].find((track) => track.mode === 'showing')?.language ?? null,
  }
}

function bufferedEnd({ buffered, currentTime }: HTMLVideoElement): number {
  for (let at = 0; at < buffered.length; at += 1) {
    if (buffered.start(at) <= currentTime + 0.1 && currentTime <= buffered.end(at)) return buffered.end(at)
  }
  return currentTime
}
