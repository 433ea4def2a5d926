'use client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { useLocale, useTranslations } from 'use-intl'
import { languages } from '@/components/studio/course-draft'
import type { LessonMedia } from '@/components/studio/queries'
import { Button } from '@/components/ui/button'
import { SelectField } from '@/components/ui/field'
import { Notice } from '@/components/ui/notice'
import { api } from '@/lib/api/client'
import { answer, Problem } from '@/lib/api/problem'
import { useProblemWords } from '@/lib/api/words'

type Change = { lang: string; file: File | null }

/** The captions of a video, a language each: added, replaced and removed as WebVTT files. */
export function Captions({ assetId, captions }: { assetId: string; captions: LessonMedia['captions'] }) {
  const t = useTranslations('studio.captions')
  const common = useTranslations('common')
  const locale = useLocale()
  const names = new Intl.DisplayNames(locale, { type: 'language' })
  const client = useQueryClient()
  const input = useRef<HTMLInputElement>(null)
  const [lang, setLang] = useState<string>(locale)
  const explain = useCaptionWords()
  const change = useMutation({
    mutationFn: async ({ lang, file }: Change) => {
      const path = { asset_id: assetId, lang }
      if (!file)
        return await answer(api.DELETE('/api/v1/media/assets/{asset_id}/captions/{lang}', { params: { path } }))
      const body = new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer())
      return await answer(
        api.PUT('/api/v1/media/assets/{asset_id}/captions/{lang}', {
          params: { path },
          body,
          bodySerializer: (text) => text,
          headers: { 'content-type': 'text/vtt' },
        }),
      )
    },
    onSuccess: () => client.invalidateQueries({ queryKey: ['studio', 'media'] }),
  })
  const said = change.variables && {
    text: change.variables.file ? ('saved' as const) : ('removed' as const),
    language: names.of(change.variables.lang) ?? change.variables.lang,
  }
  return (
    <details className="rounded-xl border border-line">
      <summary className="flex min-h-11 cursor-pointer items-center gap-2 px-4 text-sm font-semibold -outline-offset-2">
        {t('title')}
        <span className="font-normal text-muted">
          {captions.length > 0 ? captions.map(({ label }) => label).join(', ') : t('none')}
        </span>
      </summary>
      <div className="grid gap-4 border-t border-line p-4">
        {captions.length > 0 && (
          <ul className="grid gap-1">
            {captions.map(({ lang, label }) => (
              <li key={lang} className="flex items-center justify-between gap-3">
                <span lang={lang}>{label}</span>
                <Button
                  tone="ghost"
                  aria-label={t('removeOf', { language: label })}
                  onClick={() => change.mutate({ lang, file: null })}
                >
                  {t('remove')}
                </Button>
              </li>
            ))}
          </ul>
        )}
        <div className="flex flex-wrap items-end gap-3">
          <SelectField
            label={t('language')}
            fieldClassName="min-w-40"
            value={lang}
            onChange={(event) => setLang(event.target.value)}
          >
            {languages.map((each) => (
              <option key={each} value={each}>
                {names.of(each)}
              </option>
            ))}
          </SelectField>
          <Button tone="outline" className="h-12" busy={change.isPending} onClick={() => input.current?.click()}>
            {captions.some((caption) => caption.lang === lang) ? t('replace') : t('choose')}
          </Button>
          <input
            ref={input}
            type="file"
            hidden
            accept=".vtt,text/vtt"
            aria-label={t('file')}
            onChange={(event) => {
              const [file] = event.target.files ?? []
              event.target.value = ''
              if (file) change.mutate({ lang, file })
            }}
          />
        </div>
        <p role="status" className="text-sm text-good empty:hidden">
          {change.isSuccess && said
            ? t(said.text, { language: said.language })
            : change.isPending
              ? common('loading')
              : ''}
        </p>
        {change.isError && <Notice tone="bad">{explain(change.error)}</Notice>}
      </div>
    </details>
  )
}

function useCaptionWords() {
  const t = useTranslations('studio.captions')
  const explain = useProblemWords()
  return (problem: unknown) => {
    if (problem instanceof TypeError) return t('notText')
    const line = problem instanceof Problem && problem.code === 'invalid_webvtt' && problem.extensions.line
    return typeof line === 'number' ? t('wrongLine', { line }) : explain(problem)
  }
}
