'use client'
import { useEffect, useRef } from 'react'
import { commandOf, type Command } from '@/lib/player/shortcuts'

const TYPED_IN = 'input:not([type=range]), textarea, select, [contenteditable]'
// What these do by Space and Enter is their own.
const PRESSED = 'button, a, summary, [role=tab]'

/** Lets keys drive the player, wherever the focus is on its page, but for what is typed into. */
export function useShortcuts(player: HTMLElement | null, active: boolean, run: (command: Command) => void) {
  const latest = useRef(run)
  useEffect(() => {
    latest.current = run
  })
  useEffect(() => {
    if (!player || !active) return
    const pressed = (event: KeyboardEvent) => {
      const target = event.target instanceof Element ? event.target : null
      if (event.defaultPrevented || target?.closest(`${TYPED_IN}, dialog, [role=dialog]`)) return
      if (event.key === ' ' && target?.closest(PRESSED)) return
      const within = target !== null && player.contains(target)
      if (!within && target?.closest('[role=tablist], [role=slider]') && event.key.startsWith('Arrow')) return
      // The volume's own rail.
      if (target?.matches('input[type=range]') && target.getAttribute('max') === '1' && event.key.startsWith('Arrow'))
        return
      const command = commandOf(event, within)
      if (!command) return
      event.preventDefault()
      latest.current(command)
    }
    document.addEventListener('keydown', pressed)
    return () => document.removeEventListener('keydown', pressed)
  }, [player, active])
}
