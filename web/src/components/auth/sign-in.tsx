'use client'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { api } from '@/lib/api/client'
import { answer, Problem } from '@/lib/api/problem'
import type { components } from '@/lib/api/schema'
import { markSignedIn } from '@/lib/api/session'
import { useProblemWords } from '@/lib/api/words'
import { deviceLimitOf, type DeviceLimit } from '@/lib/auth/device-limit'
import { Button } from '@/components/ui/button'
import { TextField } from '@/components/ui/field'
import { Notice } from '@/components/ui/notice'
import { DevicePicker } from './device-picker'
import { PasswordField } from './password-field'

type Credentials = components['schemas']['Credentials']
type SignedIn = components['schemas']['SignedIn']

// A ticket that ran out, or a device that ended by itself meanwhile: signing in once more tells how things stand.
const outdated = ['ticket_invalid', 'session_not_offered']

/** Signs in; where all places for devices are taken, by ending one of them. Stays busy until `onSignedIn` leads away. */
export function SignIn({ onSignedIn }: { onSignedIn: () => void }) {
  const t = useTranslations('auth')
  const explain = useProblemWords()
  const [credentials, setCredentials] = useState<Credentials>({ email: '', password: '' })
  const [limit, setLimit] = useState<DeviceLimit>()
  const [problem, setProblem] = useState<unknown>()
  const [busy, setBusy] = useState(false)

  async function attempt(request: () => Promise<SignedIn>, refused: (problem: unknown) => void | Promise<void>) {
    setBusy(true)
    setProblem(undefined)
    try {
      markSignedIn(await request())
      onSignedIn()
    } catch (cause) {
      setBusy(false)
      await refused(cause)
    }
  }

  const signIn = (body: Credentials, explanation?: unknown) =>
    attempt(
      () => answer(api.POST('/api/v1/auth/login', { body })),
      (cause) => {
        const full = cause instanceof Problem ? deviceLimitOf(cause) : null
        setLimit(full ?? undefined)
        setProblem(full ? explanation : cause)
      },
    )

  const admit = (ticket: string, sessionId: string) =>
    attempt(
      () => answer(api.POST('/api/v1/auth/admit', { body: { ticket, revoke_session_id: sessionId } })),
      (cause) => {
        if (cause instanceof Problem && outdated.includes(cause.code)) return signIn(credentials, cause)
        setProblem(cause)
      },
    )

  const trouble = problem ? <Notice tone="bad">{explain(problem)}</Notice> : null

  if (limit)
    return (
      <DevicePicker
        limit={limit}
        busy={busy}
        trouble={trouble}
        onChoose={(device) => void admit(limit.ticket, device.id)}
        onBack={() => {
          setLimit(undefined)
          setProblem(undefined)
        }}
      />
    )

  return (
    <form
      method="post" // before scripts have come, no password gets into an address
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        const form = new FormData(event.currentTarget)
        const entered = { email: String(form.get('email')), password: String(form.get('password')) }
        setCredentials(entered)
        void signIn(entered)
      }}
    >
      {trouble}
      <TextField
        label={t('email')}
        name="email"
        type="email"
        autoComplete="username"
        autoCapitalize="none"
        required
        defaultValue={credentials.email}
      />
      <PasswordField label={t('password')} name="password" autoComplete="current-password" />
      <Button type="submit" size="lg" busy={busy} className="mt-1">
        {t('signIn')}
      </Button>
    </form>
  )
}
