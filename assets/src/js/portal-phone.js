// What the phone keeps to make the member's code: keys that no script can read, and their number.
const DATABASE = "mallard-card";
const STORE = "phone";

function opened() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function within(kind, work) {
  const database = await opened();
  try {
    return await new Promise((resolve, reject) => {
      const change = database.transaction(STORE, kind);
      const request = work(change.objectStore(STORE));
      change.oncomplete = () => resolve(request.result);
      change.onabort = () => reject(change.error);
    });
  } finally {
    database.close(); // so that forgetting never waits for it
  }
}

export const readPhone = () => within("readonly", (store) => store.get("phone"));
export const writePhone = (phone) => within("readwrite", (store) => store.put(phone, "phone"));

export function forgetPhone() {
  return new Promise((resolve) => {
    const request = indexedDB.deleteDatabase(DATABASE);
    request.onsuccess = request.onerror = request.onblocked = () => resolve();
  });
}
