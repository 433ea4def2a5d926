'use client'
import { useEffect, useState } from 'react'

const AFTER_MS = 3000
const SIGNS = ['pointermove', 'pointerdown', 'keydown', 'focusin']

/** Whether nobody has touched the player for a while; never while it stands. */
export function useIdle(player: HTMLElement | null, playing: boolean): boolean {
  const [still, setStill] = useState(false)
  useEffect(() => {
    if (!player || !playing) return
    let timer = setTimeout(() => setStill(true), AFTER_MS)
    const touched = () => {
      setStill(false)
      clearTimeout(timer)
      timer = setTimeout(() => setStill(true), AFTER_MS)
    }
    for (const sign of SIGNS) document.addEventListener(sign, touched)
    return () => {
      clearTimeout(timer)
      for (const sign of SIGNS) document.removeEventListener(sign, touched)
    }
  }, [player, playing])
  return still && playing
}
