import type Hls from 'hls.js/light'
import type { Stream, StreamListener } from './stream'

/** Without a piece of video in between: then it is not for its cookies that a stream is refused. */
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
  const goOn = () => (hls.levels.length > 0 ? hls.startLoad(video.currentTime || fromSeconds) : hls.loadSource(url))
  const giveUp = () => {
    renewals = 0
    listener.trouble('network')
  }
  const renew = () => {
    // It would ask on for a minute before it told of a refusal as final.
    hls.stopLoad()
    if (renewals === MOST_RENEWALS) return giveUp()
    renewals += 1
    listener.renew().then(goOn, giveUp)
  }
  hls.on(Light.Events.MANIFEST_PARSED, (_, { levels }) => {
    listener.heights([...new Set(levels.map((level) => level.height))].sort((one, other) => other - one))
  })
  hls.on(Light.Events.FRAG_BUFFERED, () => {
    renewals = 0
  })
  hls.on(Light.Events.ERROR, (_, { fatal, type, response }) => {
    if (response?.code === 401 || response?.code === 403) return renew()
    if (!fatal) return
    if (type === Light.ErrorTypes.MEDIA_ERROR) {
      if (recovered) listener.trouble('media')
      else hls.recoverMediaError()
      recovered = true
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
