"""Writes parquet.json: small Parquet files in base64, as pyarrow 26.0.1 writes them. Run: python parquet_files.py > parquet.json"""

import base64
import io
import json

import pyarrow as pa
import pyarrow.parquet as pq
rows=[{"annotator":"ann","prompt":"Why?","responses":["a","b","c"],"ranking":[[1],[0,2]]},
      {"annotator":None,"prompt":"Who? é🙂","responses":["x","y"],"ranking":[[1],[0]]}]
t=pa.Table.from_pylist(rows)
out={}
for name,c in [("snappy","snappy"),("zstd","zstd"),("gzip","gzip"),("none","none")]:
    b=io.BytesIO(); pq.write_table(t,b,compression=c,row_group_size=1, store_schema=False); out[name]=base64.b64encode(b.getvalue()).decode()
uf=pa.Table.from_pylist([{"instruction":"Why?","completions":[{"model":"m1","response":"a","overall_score":7.5},{"model":"m2","response":"b","overall_score":9.0},{"model":"m3","response":"c","overall_score":None}]}])
b =io.BytesIO(); pq.write_table(uf,b,compression="zstd",store_schema=False); out["nested"]=base64.b64encode(b.getvalue()).decode()
lg=pa.table({"annotator":pa.array([1,1,2,2],pa.int64()),"prompt":["p"]*4,"response":["a","b","a","b"],"rank":pa.array([1,2,2,1],pa.int32())})
b =io.BytesIO(); pq.write_table(lg,b,compression="snappy",store_schema=False); out["long"]=base64.b64encode(b.getvalue()).decode()
print(json.dumps(out,indent=2))
