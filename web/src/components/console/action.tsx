'use client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Confirm } from '@/components/shell/confirm'
import { Button } from '@/components/ui/button'
import { TextArea } from '@/components/ui/field'
import { useToasts } from '@/components/ui/toast'
import { useProblemWords } from '@/lib/api/words'

type Props = {
  name: string
  tone?: 'accent' | 'outline' | 'danger'
  /** What is told before; without it the action is done at once. */
  question?: string
  /** Whether a reason has to be given; it is kept in the audit log. */
  needsReason?: boolean
  done: string
  act: (reason: string) => Promise<unknown>
}

/** Something that an operator does. What the lists show is asked for anew after it. */
export function Action({ name, tone = 'outline', question, needsReason = false, done, act }: Props) {
  const t = useTranslations('console')
  const explain = useProblemWords()
  const toasts = useToasts()
  const queries = useQueryClient()
  const [isAsking, setIsAsking] = useState(false)
  const [reason, setReason] = useState('')
  const doing = useMutation({
    mutationFn: () => act(reason.trim()),
    onSuccess: () => {
      setReason('')
      toasts.add({ description: done })
    },
    onError: (problem) => {
      if (!question) toasts.add({ description: explain(problem) })
    },
    onSettled: () => void queries.invalidateQueries({ queryKey: ['console'] }),
  })
  return (
    <>
      <Button
        size="sm"
        className="h-11"
        tone={tone}
        busy={doing.isPending}
        aria-haspopup={question ? 'dialog' : undefined}
        onClick={() => (question ? setIsAsking(true) : doing.mutate())}
      >
        {name}
      </Button>
      {question && (
        <Confirm
          open={isAsking}
          title={name}
          text={question}
          action={name}
          tone={tone === 'danger' ? 'danger' : 'accent'}
          act={() => doing.mutateAsync()}
          onClose={() => setIsAsking(false)}
        >
          {needsReason && (
            <TextArea
              label={t('reason')}
              hint={t('reasonHint')}
              required
              maxLength={500}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
            />
          )}
        </Confirm>
      )}
    </>
  )
}
