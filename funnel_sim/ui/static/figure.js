export default function({data, parentElement}) {
  const live = () => (parentElement.host || parentElement).closest('[class*=st-key-figure_]')?.querySelector('[data-testid=stVegaLiteChart] svg');
  const drawn = () => {
    const svg = live().cloneNode(true);
    const paper = getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor;
    svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
    const back = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
    back.setAttribute('width', '100%'); back.setAttribute('height', '100%'); back.setAttribute('fill', paper);
    svg.insertBefore(back, svg.firstChild);
    return new XMLSerializer().serializeToString(svg);
  };
  const asSvg = () => live() && save(new Blob([drawn()], {type: 'image/svg+xml;charset=utf-8'}), fileName(data.title, '.svg'));
  const asPng = () => {
    if (!live()) return;
    const image = new Image(), wide = live().getBoundingClientRect();
    image.onload = () => {
      const canvas = document.createElement('canvas');
      canvas.width = 2 * wide.width; canvas.height = 2 * wide.height;
      canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
      canvas.toBlob(blob => save(blob, fileName(data.title, '.png')), 'image/png');
    };
    image.src = 'data:image/svg+xml;charset=utf-8,' + encodeURIComponent(drawn());
  };
  const asCsv = () => save(new Blob(['\ufeff' + data.csv], {type: 'text/csv;charset=utf-8'}), fileName(data.title, '.csv'));
  const row = titleRow(data.title, data.menu, [[data.svg, asSvg], [data.png, asPng], [data.data, asCsv]]);
  parentElement.querySelector('.head')?.remove();
  parentElement.appendChild(row);
}
