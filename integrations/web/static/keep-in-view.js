// While an answer grows the page follows it, until its question is at the top or the reader scrolls.

const MARGIN = 24;
const READER_MOVES = ["wheel", "touchmove", "keydown", "pointerdown"];

/** Follows `article` as it grows above `footer`. Returns a function that ends this. */
export function keepInView(article, footer) {
  const observer = new ResizeObserver(follow);
  const letGo = (event) => {
    if (event?.key === "Enter") return; // the very key that asked
    observer.disconnect();
    for (const move of READER_MOVES) removeEventListener(move, letGo);
  };
  for (const move of READER_MOVES) addEventListener(move, letGo, { passive: true });
  const { top } = article.getBoundingClientRect();
  if (top < 0) scrollBy({ top: top - MARGIN, behavior: "instant" }); // above a screen that the question box fills
  observer.observe(article);
  follow();
  return () => setTimeout(letGo, 100); // after what came last has been laid out

  function follow() {
    const { top, bottom } = article.getBoundingClientRect();
    const isSticky = getComputedStyle(footer).position === "sticky";
    const floor = innerHeight - (isSticky ? footer.offsetHeight : 0);
    const step = Math.min(bottom + MARGIN - floor, top - MARGIN);
    if (step > 0) scrollBy({ top: step, behavior: "instant" });
  }
}
