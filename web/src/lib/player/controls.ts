/** What a person does to a video element. Times in ms. */

export const positionOf = (video: HTMLVideoElement) => video.currentTime * 1000

const lengthOf = (video: HTMLVideoElement) => (Number.isFinite(video.duration) ? video.duration * 1000 : 0)

/** Browsers let a page play only after a person has done something on it; the big button stays there for them. */
export function play(video: HTMLVideoElement) {
  void video.play().catch((cause: unknown) => {
    if (!(cause instanceof DOMException)) throw cause
  })
}

export function togglePlay(video: HTMLVideoElement) {
  if (video.paused) play(video)
  else video.pause()
}

export function seekTo(video: HTMLVideoElement, ms: number) {
  video.currentTime = Math.min(Math.max(0, ms), lengthOf(video) || ms) / 1000
}

export const stepBy = (video: HTMLVideoElement, ms: number) => seekTo(video, positionOf(video) + ms)

export const seekToShare = (video: HTMLVideoElement, share: number) => seekTo(video, lengthOf(video) * share)

/** 0 to 1; a volume of 0 is silence, and any other is heard. */
export function setVolume(video: HTMLVideoElement, volume: number) {
  video.volume = Math.min(1, Math.max(0, volume))
  video.muted = video.volume === 0
}

export function toggleMute(video: HTMLVideoElement) {
  video.muted = !video.muted
  if (!video.muted && video.volume === 0) video.volume = 0.5
}

/** A later source plays as fast. */
export function setSpeed(video: HTMLVideoElement, speed: number) {
  video.defaultPlaybackRate = speed
  video.playbackRate = speed
}

/** Null shows none. */
export function showCaptions(video: HTMLVideoElement, lang: string | null) {
  for (const track of video.textTracks) track.mode = track.language === lang ? 'showing' : 'disabled'
}

export const canFloat = () => typeof document !== 'undefined' && document.pictureInPictureEnabled

export async function toggleFloating(video: HTMLVideoElement) {
  if (document.pictureInPictureElement) await document.exitPictureInPicture()
  else await video.requestPictureInPicture()
}

/** Phones of Apple know full screen for videos only. */
type AppleVideo = HTMLVideoElement & { webkitEnterFullscreen?: () => void }

export async function toggleFullscreen(player: HTMLElement, video: AppleVideo) {
  if (document.fullscreenElement) await document.exitFullscreen()
  else if (document.fullscreenEnabled) await player.requestFullscreen()
  else video.webkitEnterFullscreen?.()
}

type Recalled = { speed: number; volume: number; muted: boolean; captions: string | null }

/** As its viewer left the last one. */
export function recall(video: HTMLVideoElement, { speed, volume, muted, captions }: Recalled) {
  setSpeed(video, speed)
  video.volume = volume
  video.muted = muted
  showCaptions(video, captions)
}
