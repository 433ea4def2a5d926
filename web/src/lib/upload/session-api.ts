'use client'
import { api } from '../api/client'
import { answer, Problem } from '../api/problem'
import type { components } from '../api/schema'
import type { Session } from './transfer'
import type { SessionApi } from './uploads'

type UploadAnswer = components['schemas']['UploadView']

const OPEN: ReadonlySet<UploadAnswer['state']> = new Set(['created', 'uploading', 'completing'])

const sessionOf = (upload: UploadAnswer): Session => ({
  id: upload.id,
  assetId: upload.asset_id,
  partSizeBytes: upload.part_size_bytes,
  partCount: upload.part_count,
  stored: upload.uploaded_parts.map((part) => ({ number: part.part_number, sizeBytes: part.size_bytes })),
})

const path = (upload_id: string) => ({ params: { path: { upload_id } } })

/** Sessions at /api/v1/media/uploads. */
export const sessionApi: SessionApi = {
  async start(file, fingerprint, lessonId) {
    const body = {
      filename: file.name,
      size_bytes: file.size,
      content_type: file.type || 'application/octet-stream',
      lesson_id: lessonId,
      fingerprint,
    }
    return sessionOf(await answer(api.POST('/api/v1/media/uploads', { body })))
  },
  async session(uploadId) {
    try {
      const upload = await answer(api.GET('/api/v1/media/uploads/{upload_id}', path(uploadId)))
      return OPEN.has(upload.state) ? sessionOf(upload) : null
    } catch (problem) {
      if (problem instanceof Problem && problem.status === 404) return null
      throw problem
    }
  },
  async sign(uploadId, part) {
    const asked = { ...path(uploadId), body: { part_numbers: [part] } }
    const { parts } = await answer(api.POST('/api/v1/media/uploads/{upload_id}/parts', asked))
    const [target] = parts
    if (!target) throw new Problem('unavailable', 503, 'No URL came for the part.')
    return { url: target.url, headers: target.headers as Record<string, string> }
  },
  async complete(uploadId) {
    try {
      await answer(api.POST('/api/v1/media/uploads/{upload_id}/complete', path(uploadId)))
      return []
    } catch (problem) {
      const missing =
        problem instanceof Problem && problem.code === 'upload_incomplete' && problem.extensions.missing_parts
      if (Array.isArray(missing)) return missing.map(Number)
      throw problem
    }
  },
  async abort(uploadId) {
    await answer(api.DELETE('/api/v1/media/uploads/{upload_id}', path(uploadId)))
  },
}
