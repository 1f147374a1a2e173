// Whether there is a network at all.

export function isOffline() {
  return navigator.onLine === false;
}

/** Resolves when there is a network again; rejects with the reason of `signal`, where given, if that is aborted first. */
export function backOnline(signal) {
  return new Promise((resolve, reject) => {
    if (!isOffline()) {
      resolve();
      return;
    }
    const gone = () => {
      removeEventListener("online", back);
      reject(signal.reason);
    };
    const back = () => {
      signal?.removeEventListener("abort", gone);
      resolve();
    };
    addEventListener("online", back, { once: true });
    signal?.addEventListener("abort", gone, { once: true });
  });
}

/** Shows the element while there is no network. */
export function showWhileOffline(shown) {
  const show = () => {
    shown.hidden = !isOffline();
  };
  addEventListener("online", show);
  addEventListener("offline", show);
  show();
}
