package com.harbourline.invoices;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.springframework.stereotype.Component;

/** Invoices as documents. Whoever asks has made sure that the user may see them. */
@Component
public class InvoiceDocuments {
    private final PdfRenderer pdf;

    public InvoiceDocuments(PdfRenderer pdf) {
        this.pdf = pdf;
    }

    public byte[] pdf(Invoice invoice) {
        return pdf.render("invoice", invoice.fields());
    }

    /** A zip with a PDF for each, named by its number. */
    public byte[] archive(List<Invoice> invoices) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Invoice invoice : invoices) {
                zip.putNextEntry(new ZipEntry(invoice.number() + ".pdf"));
                zip.write(pdf(invoice));
                zip.closeEntry();
            }
        } catch (IOException broken) {
            throw new UncheckedIOException("An archive of " + invoices.size() + " invoices was not written", broken);
        }
        return bytes.toByteArray();
    }
}
