'use client'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '@/components/ui/button'
import { Dialog, DialogClose, DialogContent, DialogTrigger } from '@/components/ui/dialog'
import { TextField } from '@/components/ui/field'
import { Notice } from '@/components/ui/notice'
import { api } from '@/lib/api/client'
import { answer } from '@/lib/api/problem'
import { markSignedOut } from '@/lib/api/session'
import { useProblemWords } from '@/lib/api/words'
import { Section } from './section'

/** Says first what is lost. Whoever goes on types the address, so that no stray press deletes anything. */
export function DeleteAccount({ email }: { email: string }) {
  const t = useTranslations('settings.delete')
  const common = useTranslations('common')
  const explain = useProblemWords()
  const [typed, setTyped] = useState('')
  const isMeant = typed.trim().toLowerCase() === email.toLowerCase()
  const close = useMutation({
    mutationFn: () => answer(api.DELETE('/api/v1/me')),
    onSuccess: () => {
      markSignedOut()
      location.replace('/')
    },
  })
  return (
    <Section title={t('title')} text={t('text')} tone="danger">
      <Dialog onOpenChange={() => setTyped('')}>
        <DialogTrigger render={<Button tone="danger" />}>{t('button')}</DialogTrigger>
        <DialogContent title={t('question')}>
          <form
            className="grid gap-4"
            onSubmit={(event) => {
              event.preventDefault()
              if (isMeant) close.mutate()
            }}
          >
            <ul className="grid list-disc gap-1.5 pl-5">
              <li>{t('atOnce')}</li>
              <li>{t('lost')}</li>
              <li>{t('kept')}</li>
              <li>{t('sevenDays')}</li>
            </ul>
            {close.isError && <Notice tone="bad">{explain(close.error)}</Notice>}
            <TextField
              label={t('typeEmail', { email })}
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
              autoComplete="off"
              autoCapitalize="none"
            />
            <div className="flex flex-wrap justify-end gap-3">
              <DialogClose render={<Button tone="ghost" />}>{common('cancel')}</DialogClose>
              <Button type="submit" tone="danger" disabled={!isMeant} busy={close.isPending || close.isSuccess}>
                {t('confirm')}
              </Button>
            </div>
          </form>
        </DialogContent>
      </Dialog>
    </Section>
  )
}
