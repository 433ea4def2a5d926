import { play } from './controls'
import type { Stream, StreamListener } from './stream'

const MOST_RENEWALS = 2
// Of MediaError.
const NETWORK = 2
const DECODE = 3

/**
 * Plays an HLS stream by what the browser itself can do, where there is no hls.js, as on phones of Apple, from
 * `fromSeconds` on. Such a browser chooses the quality alone.
 *
 * It does not say why something could not be loaded, so the cookies are renewed before that counts as trouble.
 */
export function playNatively(
  video: HTMLVideoElement,
  url: string,
  fromSeconds: number,
  listener: Omit<StreamListener, 'heights'>,
): Stream {
  const listening = new AbortController()
  const { signal } = listening
  let place = fromSeconds
  let renewals = 0
  const load = () => {
    const plays = !video.paused // which loading ends
    video.src = url
    video.load()
    if (plays) play(video)
  }
  const on = (name: string, heard: () => void) => video.addEventListener(name, heard, { signal })
  on('loadedmetadata', () => {
    video.currentTime = place
  })
  on('timeupdate', () => {
    if (video.error || video.paused) return
    place = video.currentTime
    renewals = 0
  })
  on('seeked', () => {
    if (!video.error) place = video.currentTime
  })
  on('error', () => {
    const code = video.error?.code
    if (code !== DECODE && renewals < MOST_RENEWALS) {
      renewals += 1
      listener.renew().then(
        () => signal.aborted || load(),
        () => signal.aborted || listener.trouble('network'),
      )
      return
    }
    listener.trouble(code === NETWORK ? 'network' : 'media')
  })
  load()
  return {
    retry: () => {
      renewals = 0
      load()
    },
    choose: () => {},
    end: () => listening.abort(),
  }
}
