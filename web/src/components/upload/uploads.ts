'use client'
import { useSyncExternalStore } from 'react'
import { browserSurroundings } from '@/lib/upload/browser'
import { browserClaims } from '@/lib/upload/claims'
import { fingerprintOf } from '@/lib/upload/fingerprint'
import { browserUploads } from '@/lib/upload/saved'
import { sessionApi } from '@/lib/upload/session-api'
import { Uploads, type UploadView } from '@/lib/upload/uploads'

/** Of this tab: outside of React, so that no page that is left ends an upload. */
export const uploads = new Uploads({
  api: sessionApi,
  saved: browserUploads(),
  claims: browserClaims,
  world: browserSurroundings,
  fingerprintOf,
  now: () => performance.now(),
})

const none: readonly UploadView[] = []

export const useUploads = () => useSyncExternalStore(uploads.subscribe, uploads.views, () => none)

export const useUploadOf = (lessonId: string) => useUploads().find((upload) => upload.lessonId === lessonId)
