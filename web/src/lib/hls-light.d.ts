// The package says nothing about the types of its smaller build, which are those of the whole.
declare module 'hls.js/light' {
  export { default } from 'hls.js'
}
