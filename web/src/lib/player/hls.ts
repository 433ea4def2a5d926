import type Hls from 'hls.js/light'
import type { Stream, StreamListener } from './stream'

const MOST_RENEWALS = 2

/** Plays an HLS stream by hls.js, whose class is given since it is loaded late, from `fromSeconds` on. */
export function playByHls(
  Light: typeof Hls,
  video: HTMLVideoElement,
  url: string,
  fromSeconds: number,
  listener: StreamListener,
): Stream {
  const hls = new Light({
    startPosition: fromSeconds,
    maxBufferLength: 30,
    // The cookies that open the stream belong to the origin of the media.
    xhrSetup: (request) => {
      request.withCredentials = true
    },
  })
  let recovered = false
  let renewals = 0
  const goOn = () => (hls.levels.length > 0 ? hls.startLoad() : hls.loadSource(url))
  hls.on(Light.Events.MANIFEST_PARSED, (_, { levels }) => {
    listener.heights([...new Set(levels.map((level) => level.height))].sort((one, other) => other - one))
  })
  hls.on(Light.Events.FRAG_BUFFERED, () => {
    renewals = 0
  })
  hls.on(Light.Events.ERROR, (_, { fatal, type, response }) => {
    if (!fatal) return
    if (type === Light.ErrorTypes.MEDIA_ERROR) {
      if (recovered) listener.trouble('media')
      else hls.recoverMediaError()
      recovered = true
      return
    }
    if ((response?.code === 401 || response?.code === 403) && renewals < MOST_RENEWALS) {
      renewals += 1
      listener.renew().then(goOn, () => listener.trouble('network'))
      return
    }
    listener.trouble(type === Light.ErrorTypes.NETWORK_ERROR ? 'network' : 'media')
  })
  hls.loadSource(url)
  hls.attachMedia(video)
  return {
    retry: goOn,
    choose: (height) => {
      hls.nextLevel = hls.levels.findIndex((level) => level.height === height)
    },
    end: () => hls.destroy(),
  }
}
