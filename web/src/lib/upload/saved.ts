/** What survives a reload: where the upload belongs, its session, how to know its file, and the file's handle, if any. */
export type SavedUpload = {
  id: string
  courseId: string
  lessonId: string
  lessonTitle: string
  name: string
  sizeBytes: number
  fingerprint: string
  handle?: FileSystemFileHandle
}

export interface SavedUploads {
  all(): Promise<SavedUpload[]>
  put(upload: SavedUpload): Promise<void>
  drop(id: string): Promise<void>
}

const STORE = 'uploads'

const result = <T>(request: IDBRequest<T>) =>
  new Promise<T>((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('The browser keeps nothing.'))
  })

/** In the browser's database, which alone can keep a handle of a file. */
export function browserUploads(): SavedUploads {
  let opened: Promise<IDBDatabase> | undefined
  const store = async (mode: IDBTransactionMode) => {
    opened ??= (() => {
      const request = indexedDB.open('kosu-uploads', 1)
      request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: 'id' })
      return result(request)
    })()
    return (await opened).transaction(STORE, mode).objectStore(STORE)
  }
  return {
    all: async () => await result((await store('readonly')).getAll() as IDBRequest<SavedUpload[]>),
    put: async (upload) => void (await result((await store('readwrite')).put(upload))),
    drop: async (id) => void (await result((await store('readwrite')).delete(id))),
  }
}
