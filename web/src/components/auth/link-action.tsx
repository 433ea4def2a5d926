'use client'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'
import { Skeleton } from '@/components/ui/skeleton'
import { useProblemWords } from '@/lib/api/words'
import { useLinkToken } from '@/lib/auth/link-token'

type Props<T> = {
  text: string
  button: string
  noToken: string
  act: (token: string) => Promise<T>
  done: (result: T) => React.ReactNode
}

/** What a mailed link is for, by one press: programs that look into mails open links, and press nothing. */
export function LinkAction<T>({ text, button, noToken, act, done }: Props<T>) {
  const token = useLinkToken()
  const explain = useProblemWords()
  const [result, setResult] = useState<{ value: T }>()
  const [problem, setProblem] = useState<unknown>()
  const [busy, setBusy] = useState(false)

  async function press(pressed: string) {
    setBusy(true)
    setProblem(undefined)
    try {
      setResult({ value: await act(pressed) })
    } catch (cause) {
      setProblem(cause)
    }
    setBusy(false)
  }

  if (token === undefined) return <Skeleton className="h-32" />
  if (token === null) return <Notice tone="warn">{noToken}</Notice>
  if (result) return done(result.value)
  return (
    <div className="grid gap-5">
      <p className="text-muted">{text}</p>
      {problem !== undefined && <Notice tone="bad">{explain(problem)}</Notice>}
      <Button size="lg" busy={busy} onClick={() => void press(token)}>
        {button}
      </Button>
    </div>
  )
}
