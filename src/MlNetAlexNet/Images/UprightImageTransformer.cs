using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetAlexNet.Images;

/// <summary>
/// ML.NET's image loading transformer with the picture column decoded by <see cref="ImageDecoder"/>. Schemas, cursors
/// and saving are the stock transformer's own; saving writes it, so nothing of this library gets into the model zip.
/// </summary>
internal sealed class UprightImageTransformer(
    ITransformer stock, string outputColumnName, string inputColumnName) : ITransformer
{
    public bool IsRowToRowMapper => true;

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => stock.GetOutputSchema(inputSchema);

    public IDataView Transform(IDataView input)
    {
        var loaded = stock.Transform(input);
        return new View(loaded, ColumnsOf(input.Schema, loaded.Schema));
    }

    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema)
    {
        var mapper = stock.GetRowToRowMapper(inputSchema);
        return new Mapper(mapper, ColumnsOf(inputSchema, mapper.OutputSchema));
    }

    void ICanSaveModel.Save(ModelSaveContext ctx) => stock.Save(ctx);

    // Input columns keep their index in the output schema; the name of the path column may be hidden by the picture's.
    private ImageColumns ColumnsOf(DataViewSchema input, DataViewSchema output) =>
        new(Path: output[input[inputColumnName].Index], Image: output[outputColumnName]);

    private sealed record ImageColumns(DataViewSchema.Column Path, DataViewSchema.Column Image)
    {
        /// <summary>The columns asked for, and the path when the picture is among them.</summary>
        internal IEnumerable<DataViewSchema.Column> Needed(IEnumerable<DataViewSchema.Column> asked)
        {
            var all = asked.ToList();
            return all.Any(column => column.Index == Image.Index) ? all.Append(Path) : all;
        }

        /// <summary>The getter of any column of <paramref name="row"/>, with the picture's replaced.</summary>
        internal ValueGetter<T> Getter<T>(DataViewRow row, DataViewSchema.Column column)
        {
            if (column.Index != Image.Index || typeof(T) != typeof(MLImage))
            {
                return row.GetGetter<T>(column);
            }

            var getPath = row.GetGetter<ReadOnlyMemory<char>>(Path);
            ReadOnlyMemory<char> path = default;
            ValueGetter<MLImage?> getImage = (ref MLImage? image) =>
            {
                // A getter owns the value it is handed and replaces it: ML.NET's rule for disposable columns.
                image?.Dispose();
                image = null;
                getPath(ref path);
                image = ImageDecoder.Decode(path.ToString());
            };
            return (ValueGetter<T>)(Delegate)getImage;
        }
    }

    private sealed class View(IDataView loaded, ImageColumns columns) : IDataView
    {
        public DataViewSchema Schema => loaded.Schema;

        public bool CanShuffle => loaded.CanShuffle;

        public long? GetRowCount() => loaded.GetRowCount();

        public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
            new Cursor(loaded.GetRowCursor(columns.Needed(columnsNeeded), rand), columns);

        public DataViewRowCursor[] GetRowCursorSet(
            IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [
            .. loaded.GetRowCursorSet(columns.Needed(columnsNeeded), n, rand)
                .Select(cursor => new Cursor(cursor, columns)),
        ];
    }

    private sealed class Cursor(DataViewRowCursor loaded, ImageColumns columns) : DataViewRowCursor
    {
        public override DataViewSchema Schema => loaded.Schema;

        public override long Position => loaded.Position;

        public override long Batch => loaded.Batch;

        public override bool MoveNext() => loaded.MoveNext();

        public override bool IsColumnActive(DataViewSchema.Column column) => loaded.IsColumnActive(column);

        public override ValueGetter<DataViewRowId> GetIdGetter() => loaded.GetIdGetter();

        public override ValueGetter<T> GetGetter<T>(DataViewSchema.Column column) => columns.Getter<T>(loaded, column);

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                loaded.Dispose();
            }

            base.Dispose(disposing);
        }
    }

    private sealed class Mapper(IRowToRowMapper loaded, ImageColumns columns) : IRowToRowMapper
    {
        public DataViewSchema InputSchema => loaded.InputSchema;

        public DataViewSchema OutputSchema => loaded.OutputSchema;

        public IEnumerable<DataViewSchema.Column> GetDependencies(
            IEnumerable<DataViewSchema.Column> dependingColumns) =>
            loaded.GetDependencies(columns.Needed(dependingColumns));

        public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns) =>
            new Row(loaded.GetRow(input, columns.Needed(activeColumns)), columns);
    }

    private sealed class Row(DataViewRow loaded, ImageColumns columns) : DataViewRow
    {
        public override DataViewSchema Schema => loaded.Schema;

        public override long Position => loaded.Position;

        public override long Batch => loaded.Batch;

        public override bool IsColumnActive(DataViewSchema.Column column) => loaded.IsColumnActive(column);

        public override ValueGetter<DataViewRowId> GetIdGetter() => loaded.GetIdGetter();

        public override ValueGetter<T> GetGetter<T>(DataViewSchema.Column column) => columns.Getter<T>(loaded, column);

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                loaded.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
