'use client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '@/components/ui/button'
import { Dialog, DialogClose, DialogContent, DialogTrigger } from '@/components/ui/dialog'
import { TextArea } from '@/components/ui/field'
import { Notice } from '@/components/ui/notice'
import { useToasts } from '@/components/ui/toast'
import { useProblemWords } from '@/lib/api/words'

type Tone = 'accent' | 'outline' | 'danger'
type Props = {
  name: string
  tone?: Tone
  /** What is told before; without it the action is done at once. */
  question?: string
  /** Whether a reason has to be given; it is kept in the audit log. */
  needsReason?: boolean
  done: string
  act: (reason: string) => Promise<unknown>
}

/** Something that an operator does. What the lists show is asked for anew after it. */
export function Action({ name, tone = 'outline', question, needsReason = false, done, act }: Props) {
  const t = useTranslations('common')
  const own = useTranslations('console')
  const explain = useProblemWords()
  const toasts = useToasts()
  const queries = useQueryClient()
  const [open, setOpen] = useState(false)
  const [reason, setReason] = useState('')
  const doing = useMutation({
    mutationFn: () => act(reason.trim()),
    onSuccess: () => {
      setOpen(false)
      setReason('')
      toasts.add({ description: done })
    },
    onError: (problem) => {
      if (!question) toasts.add({ description: explain(problem) })
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['console'] }),
  })
  if (!question)
    return (
      <Button size="sm" className="h-11" tone={tone} busy={doing.isPending} onClick={() => doing.mutate()}>
        {name}
      </Button>
    )
  return (
    <Dialog open={open} onOpenChange={setOpen}>
      <DialogTrigger render={<Button size="sm" className="h-11" tone={tone} />}>{name}</DialogTrigger>
      <DialogContent title={name} description={question}>
        <form
          className="grid gap-4"
          onSubmit={(event) => {
            event.preventDefault()
            doing.mutate()
          }}
        >
          {needsReason && (
            <TextArea
              label={own('reason')}
              hint={own('reasonHint')}
              required
              maxLength={500}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
            />
          )}
          {doing.error && <Notice tone="bad">{explain(doing.error)}</Notice>}
          <div className="flex flex-wrap justify-end gap-3">
            <DialogClose render={<Button tone="outline" />}>{t('cancel')}</DialogClose>
            <Button type="submit" tone={tone === 'outline' ? 'accent' : tone} busy={doing.isPending}>
              {name}
            </Button>
          </div>
        </form>
      </DialogContent>
    </Dialog>
  )
}
