type Sources = { hls_url: string; mp4_url: string }

/**
 * Plays a lesson's stream in a video element: by hls.js, which is loaded when it is needed, else by what the browser
 * can do itself. Chromium says that it plays HLS and does so badly: hls.js comes first.
 *
 * @param failed called when it cannot be played
 * @returns what ends it
 */
export function attachStream(video: HTMLVideoElement, { hls_url, mp4_url }: Sources, failed: () => void): () => void {
  let ended = false
  let end = () => {}
  import('hls.js/light')
    .then(({ default: Hls }) => {
      if (ended) return
      if (!Hls.isSupported()) {
        video.addEventListener('error', failed)
        end = () => video.removeEventListener('error', failed)
        video.src = video.canPlayType('application/vnd.apple.mpegurl') ? hls_url : mp4_url
        return
      }
      const hls = new Hls({ capLevelToPlayerSize: true, maxBufferLength: 20 })
      hls.on(Hls.Events.ERROR, (_, { fatal }) => {
        if (fatal) failed()
      })
      hls.loadSource(hls_url)
      hls.attachMedia(video)
      end = () => hls.destroy()
    })
    .catch(failed)
  return () => {
    ended = true
    end()
    video.removeAttribute('src')
    video.load()
  }
}
